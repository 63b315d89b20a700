"""How words reach people: one neutral port, thin adapters behind it. Imports none of the other rooms."""
