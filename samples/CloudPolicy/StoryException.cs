namespace CloudPolicy;

/// <summary>A step went otherwise than the story tells.</summary>
internal sealed class StoryException(string message, Exception? inner = null) : Exception(message, inner);
