"""Models, grids and frames as files: our own formats, MOJO in both directions, Java classes."""
