"""Crawlers: a paper's feed or list becomes articles on disk."""
