"""Words of address before a name, and the gender they give."""

HONORIFICS: dict[str, str | None] = {
    "mr": "male", "mr.": "male", "sir": "male", "lord": "male", "don": "male", "signor": "male", "herr": "male",
    "monsieur": "male", "senor": "male", "baron": "male", "mrs": "female", "mrs.": "female", "ms": "female",
    "ms.": "female", "miss": "female", "lady": "female", "dame": "female", "madame": "female", "madam": "female",
    "baroness": "female", "frau": "female", "dr": None, "dr.": None, "prof": None, "prof.": None, "messrs": "male",
    "messrs.": "male", "hon.": None, "rev.": None, "st.": None, "comrade": None, "sheikh": "male", "sheik": "male",
}  # fmt: skip
"""In plain form; None where the word does not tell."""
