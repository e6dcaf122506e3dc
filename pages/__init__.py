"""What people see: a folder for each page, and a container of its own. A page imports `pages.common`, never another page."""
