namespace Congress.Cli;

/// <summary>Something that the user named cannot be used; it is said in one line.</summary>
internal sealed class InputException : Exception
{
    public InputException(string place, string message, Exception? inner = null)
        : base(message, inner) => Place = place;

    /// <summary>The file or argument.</summary>
    public string Place { get; }
}
