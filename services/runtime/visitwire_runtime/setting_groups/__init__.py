"""What an operator may set, in groups: each stage is given the groups that it uses."""
