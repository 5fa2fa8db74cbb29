"""Pictures as SVG, drawn here: they need no script, print well and take their colours from the page."""
