"""The resolver: from candidates to visits, without a word of grammar."""
