"""Glasstown: a laboratory of social scoring over people that it invented."""
