"""How HTTP is read and written by all clients alike: addresses, heads, names, headers of one's own, proxies."""
