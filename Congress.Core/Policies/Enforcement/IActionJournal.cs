using Congress.Diagnostics;

namespace Congress.Policies.Enforcement;

/// <summary>Where it stands which actions have been asked for, and what became of each. Thread safe.</summary>
/// <remarks>Writes carry the token of who may act: one that another has taken over from is refused, and changes nothing. A token of 0 is not checked.</remarks>
public interface IActionJournal
{
    /// <summary>The occurrences that are open, and those that are not finished.</summary>
    /// <exception cref="StoreException">They cannot be read.</exception>
    Task<IReadOnlyList<Occurrence>> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>An occurrence; null when there is none of that identity.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    Task<Occurrence?> FindAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>The last occurrences, newest first.</summary>
    /// <param name="state">Only those in this state; null for all.</param>
    /// <param name="limit">The most to give.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="StoreException">They cannot be read.</exception>
    Task<IReadOnlyList<Occurrence>> ReadLastAsync(OccurrenceState? state, int limit, CancellationToken cancellationToken = default);

    /// <summary>Writes occurrences as they are now, new ones too, all or none.</summary>
    /// <param name="occurrences">The occurrences.</param>
    /// <param name="fence">The token of who may act.</param>
    /// <param name="cancellationToken">Stops the waiting for others.</param>
    /// <exception cref="FencedException">Another may act now.</exception>
    /// <exception cref="StoreException">They cannot be written.</exception>
    Task WriteAsync(IReadOnlyList<Occurrence> occurrences, ulong fence, CancellationToken cancellationToken = default);
}

/// <summary>Somebody else may act now; nothing was written.</summary>
public sealed class FencedException(string message) : CongressException(message);
