"""The embedded web chat: one page, server-sent events out, POST in. ``server.WebChannel`` is the adapter."""
