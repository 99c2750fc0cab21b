"""Timeline + clips -> blocks of samples: levels, loudness and the mix."""
