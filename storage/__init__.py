"""What was said, sent and decided: tables, evidence files, audit trail, outbox."""
