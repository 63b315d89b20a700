"""Who is who: invitations, the roster, handing on, erasing what was misdirected."""
