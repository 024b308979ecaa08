"""The rules by which words are looked at, in the hands of stewards: changed, tried out, agreed, watched."""
