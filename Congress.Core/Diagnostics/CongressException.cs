namespace Congress.Diagnostics;

/// <summary>The family of exceptions that this library throws on purpose.</summary>
public abstract class CongressException : Exception
{
    private protected CongressException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
