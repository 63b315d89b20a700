"""The office's desk: scores, cards, bookings, exports."""
