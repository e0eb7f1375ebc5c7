using Congress.Data;
using Congress.Diagnostics;

namespace Congress;

/// <summary>Which tables are kept up to date.</summary>
public sealed partial class PolicyEngine
{
    /// <summary>Keeps derived tables up to date by every change, so that reading them costs nothing. The violations and the
    /// calls of actions are kept anyway, and so is what these and watched tables are computed from; all else is worked out when asked.</summary>
    /// <param name="tables">The tables: <c>policy:table</c>, or <c>table</c> in the default policy.</param>
    /// <returns>Ends it when disposed.</returns>
    /// <exception cref="PolicyException">There is no such policy, or no such table of a datasource; the evaluation went over a limit, or a builtin of the user failed.</exception>
    public IDisposable Maintain(params IEnumerable<string> tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        return Maintain([.. tables.Select(NameOf)], CancellationToken.None);
    }

    /// <summary>Keeps tables up to date, calls of actions too.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="cancellationToken">Stops the evaluation; then nothing is kept.</param>
    /// <returns>Ends it when disposed.</returns>
    internal IDisposable Maintain(IReadOnlyList<TableName> tables, CancellationToken cancellationToken)
    {
        Demand(tables, cancellationToken);
        return new Maintenance(this, tables);
    }

    private void Demand(IReadOnlyList<TableName> tables, CancellationToken cancellationToken)
    {
        var proposal = Change(request => _engine.ProposeDemand(tables, request), null, cancellationToken);
        if (!proposal.IsPermitted)
        {
            throw new PolicyException(proposal.Diagnostics);
        }
    }

    private void Release(IReadOnlyList<TableName> tables)
    {
        lock (_writer)
        {
            if (!_isDisposed)
            {
                Commit(_engine.ProposeRelease(tables, Request(CancellationToken.None)));
            }
        }
    }

    private sealed class Maintenance(PolicyEngine engine, IReadOnlyList<TableName> tables) : IDisposable
    {
        private int _isDisposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            {
                engine.Release(tables);
            }
        }
    }
}
