"""What every page shares: the frame, the API's client, sign-in, and the parts of the look."""
