"""What somebody says in their own words."""
