"""Administration: labs, members, logins."""
