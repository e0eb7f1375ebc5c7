namespace Congress.Diagnostics;

/// <summary>The family of exceptions that this library throws on purpose.</summary>
public abstract class CongressException : Exception
{
    private protected CongressException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>What a caller on another node knows the failure by: the name of the type, unless one type has several.</summary>
    internal virtual string FailureName => GetType().FullName!;

    /// <summary>The name of any failure.</summary>
    internal static string NameOf(Exception exception) => exception is CongressException ours ? ours.FailureName : exception.GetType().FullName!;
}
