"""What people see: one folder a page, each its own container. A page imports `pages.common`, never another page."""
