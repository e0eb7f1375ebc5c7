namespace Congress.Policies.Catalog;

/// <summary>The log of all changes of policies and rules, which the engines of a system share: what it holds is what holds.</summary>
/// <remarks>Versions run from 1 without a gap. Thread safe.</remarks>
public interface IRuleLog
{
    /// <summary>The version of the last change; 0 when there is none.</summary>
    /// <exception cref="Diagnostics.StoreException">The log cannot be read.</exception>
    Task<long> ReadVersionAsync(CancellationToken cancellationToken = default);

    /// <summary>What has been appended after a version.</summary>
    /// <exception cref="Diagnostics.StoreException">The log cannot be read.</exception>
    Task<RuleLogPart> ReadAfterAsync(long version, CancellationToken cancellationToken = default);

    /// <summary>Begins to append: until the result is disposed of, no other engine does.</summary>
    /// <param name="version">The version that the engine has.</param>
    /// <param name="cancellationToken">Stops the waiting for others.</param>
    /// <exception cref="Diagnostics.StoreException">The log cannot be written, or others did not let go of it in time.</exception>
    Task<IRuleLogAppend> BeginAppendAsync(long version, CancellationToken cancellationToken = default);

    /// <summary>Shortens the log: what rebuilds a version stands for all up to it, of which only the last entries stay.</summary>
    /// <param name="version">The version.</param>
    /// <param name="changes">The changes that lead from nothing to it.</param>
    /// <param name="cancellationToken">Stops the waiting for others.</param>
    /// <exception cref="Diagnostics.StoreException">The log cannot be written.</exception>
    Task CompactAsync(long version, IReadOnlyList<CatalogChange> changes, CancellationToken cancellationToken = default);
}

/// <summary>An append to the log that is under way. Disposed of without <see cref="Commit"/> or <see cref="Refuse"/>, it leaves no trace.</summary>
public interface IRuleLogAppend : IDisposable
{
    /// <summary>What others have appended after the version of the engine, which the change must fit.</summary>
    RuleLogPart Missed { get; }

    /// <summary>The entry that a request made when it came before; null when it did not, or long ago.</summary>
    RuleLogEntry? Find(string requestId);

    /// <summary>Why a request was refused when it came before; null when it was not, or long ago.</summary>
    Refusal? FindRefusal(string requestId);

    /// <summary>Keeps that a request is refused. An attempt of it that comes late, when it would be right, then cannot undo what its sender was told.</summary>
    /// <exception cref="Diagnostics.StoreException">The log cannot be written.</exception>
    void Refuse(string requestId, Refusal refusal);

    /// <summary>Appends. When this returns, no crash takes the entry away.</summary>
    /// <param name="requestId">What the request is known by, so that it is carried out once.</param>
    /// <param name="changes">The changes, which take effect together.</param>
    /// <returns>The entry.</returns>
    /// <exception cref="Diagnostics.StoreException">The log cannot be written; nothing was appended.</exception>
    RuleLogEntry Commit(string requestId, IReadOnlyList<CatalogChange> changes);
}

/// <summary>Changes that took effect together.</summary>
/// <param name="Version">The version that they made.</param>
/// <param name="RequestId">The request that asked for them.</param>
/// <param name="Changes">The changes, in order.</param>
/// <param name="At">When they were made.</param>
public sealed record RuleLogEntry(long Version, string RequestId, IReadOnlyList<CatalogChange> Changes, DateTimeOffset At);

/// <summary>A part of the log up to its end.</summary>
/// <param name="Start">Where the part begins with all that was there: the version, and the changes that lead from nothing to it; null when it goes on
/// from the version that was asked for.</param>
/// <param name="Entries">What came after, oldest first.</param>
public sealed record RuleLogPart((long Version, IReadOnlyList<CatalogChange> Changes)? Start, IReadOnlyList<RuleLogEntry> Entries);
