"""The registry of ties and the documented events, as CSV files with their sources, and the script that made them."""
