"""Speed of the web interface: how long a page takes, how much is sent, and what looking on costs a training."""
