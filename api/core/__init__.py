"""What every part of the API uses: settings, database, errors, paging, exports."""
