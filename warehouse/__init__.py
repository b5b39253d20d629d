"""The warehouse: files at the seam become one DuckDB file that analysts query."""
