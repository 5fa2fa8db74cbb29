"""What the session does for every front end: jobs, and the saving of what is trained."""
