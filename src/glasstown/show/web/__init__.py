"""The page's server: on this machine only, asking the lab for everything."""
