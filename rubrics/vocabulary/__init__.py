"""What people call things, across all rubrics: words of the trade, other trades' words, ways to ask and to chat."""
