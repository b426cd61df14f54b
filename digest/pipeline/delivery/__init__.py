"""The delivery: the edition's file becomes mails or a campaign, once, kept, and corrected."""
