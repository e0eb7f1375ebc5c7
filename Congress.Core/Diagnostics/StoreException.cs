namespace Congress.Diagnostics;

/// <summary>Why a store could not be used.</summary>
public enum StoreFailure
{
    /// <summary>Just now: others hold it, the disk is full, or it cannot be read or written. To try again later may help.</summary>
    Unavailable,

    /// <summary>What it holds cannot be understood. Nothing in it was changed.</summary>
    Damaged,

    /// <summary>A newer release made it. Nothing in it was changed.</summary>
    Newer,
}

/// <summary>What must outlive the process could not be read or written.</summary>
public sealed class StoreException : CongressException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="message">What, where, and what was expected.</param>
    /// <param name="inner">What led to it.</param>
    public StoreException(StoreFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    /// <summary>Why.</summary>
    public StoreFailure Failure { get; }
}
