"""What every room's REST interface is made of: problems, paging, strict input, its schema."""
