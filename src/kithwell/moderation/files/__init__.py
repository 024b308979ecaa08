"""Files that people send: looked at for malware, and for pictures that hash lists name."""
