"""What every page takes: the request, templates, addresses, words for numbers, notes, scripts and styles."""
