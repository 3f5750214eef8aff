"""The Pythons of this machine: which one a person means, what each is, and the use of another one's packages."""
