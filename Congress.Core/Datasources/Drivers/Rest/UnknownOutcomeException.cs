using Congress.Diagnostics;

namespace Congress.Datasources.Drivers.Rest;

/// <summary>A request was sent, and whether the system did what it asks for is not known.</summary>
public sealed class UnknownOutcomeException : CongressException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What was sent, where, and what became of it.</param>
    /// <param name="inner">What it comes of.</param>
    public UnknownOutcomeException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
