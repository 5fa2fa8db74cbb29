"""The bridge to R, and messages in R's words."""
