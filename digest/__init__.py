"""What people see: the weekly digest as mail, and the pages."""
