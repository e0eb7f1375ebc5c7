using Congress.Datalog;
using Congress.Datalog.Programs;
using Congress.Diagnostics;
using Congress.Policies;

namespace Congress;

/// <summary>How threads share an engine: one works out a change while any number read, and only the commit excludes them.</summary>
public sealed partial class PolicyEngine
{
    private readonly Lock _writer = new();
    private readonly VersionLock _versions = new();
    private bool _isDisposed;

    /// <summary>The number of changes that have been made; it grows with each.</summary>
    public long Version
    {
        get
        {
            using (_versions.Read())
            {
                return _engine.Version;
            }
        }
    }

    /// <summary>Asks the version as it is.</summary>
    private T Read<T>(Func<View, T> ask, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        RefuseFromWithin();
        FollowClock(cancellationToken);
        try
        {
            using (_versions.Read())
            {
                return ask(_engine.Read(Request(cancellationToken)));
            }
        }
        finally
        {
            GrantWishes();
        }
    }

    private ApplyResult Apply(
        Action<Transaction> change, IReadOnlyList<Diagnostic>? syntaxFindings = null, Action? onPermitted = null, CancellationToken cancellationToken = default)
    {
        var proposal = Change(request => _engine.Propose(change, request), onPermitted, cancellationToken);
        return new(proposal.IsPermitted, syntaxFindings is { Count: > 0 } ? [.. syntaxFindings, .. proposal.Diagnostics] : proposal.Diagnostics);
    }

    /// <summary>Works out a change and, when it is permitted, makes it and tells whoever listens.</summary>
    /// <param name="propose">Works it out.</param>
    /// <param name="onPermitted">Called when the change is permitted, before it takes effect; when it throws, nothing has changed.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    private Proposal Change(Func<EvaluationRequest, Proposal> propose, Action? onPermitted, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        RefuseFromWithin();
        Proposal proposal;
        lock (_writer)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var request = Request(cancellationToken);
            proposal = propose(request);
            if (!proposal.IsPermitted)
            {
                return proposal;
            }

            var posts = Collect(proposal, request);
            onPermitted?.Invoke();
            Commit(proposal);
            posts.ForEach(post => post());
        }

        Deliver();
        return proposal;
    }

    private void Commit(Proposal proposal)
    {
        using (_versions.Commit())
        {
            _engine.Commit(proposal);
        }

        if (_engine.FindUnused() is { } inUse)
        {
            using (_versions.Commit())
            {
                _engine.Reclaim(inUse);
            }
        }
    }

    /// <summary>Makes the indexes that readers have missed, when no change is being worked out.</summary>
    private void GrantWishes()
    {
        if (_engine.HasWishes && _writer.TryEnter())
        {
            try
            {
                _engine.GrantWishes();
            }
            finally
            {
                _writer.Exit();
            }
        }
    }

    /// <summary>Brings the tables that depend on the time to the present second.</summary>
    private void FollowClock(CancellationToken cancellationToken)
    {
        bool isBehind;
        using (_versions.Read())
        {
            isBehind = _engine.IsBehind(_options.TimeProvider.GetLocalNow());
        }

        if (isBehind)
        {
            Change(request => _engine.Propose(_ => { }, request), null, cancellationToken);
        }
    }

    /// <summary>Refuses a call out of an evaluation, which would wait for itself.</summary>
    private void RefuseFromWithin()
    {
        if (_writer.IsHeldByCurrentThread || _versions.IsHeldByCurrentThread)
        {
            throw new InvalidOperationException("A builtin called back into the engine that evaluates it; give it what it needs as arguments.");
        }
    }

    private EvaluationRequest Request(CancellationToken cancellationToken) => new(_options.TimeProvider.GetLocalNow(), cancellationToken);

    /// <summary>Ends all streams and handlers. Calls that come later fail.</summary>
    public void Dispose()
    {
        lock (_writer)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            _clock?.Dispose();
            _versions.Dispose();
        }

        foreach (var listener in _listeners)
        {
            listener.Close();
        }
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
