"""The manual: its pages and programs; of the site that is made of it, what a reader meets (`python -m tests.manual FOLDER`)."""
