"""From files to frames: paths and uploads, and what a user says of them before they are read."""
