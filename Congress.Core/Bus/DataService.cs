using System.Diagnostics.CodeAnalysis;
using Congress.Data;

namespace Congress.Bus;

/// <summary>Something that runs on a node: a datasource, a policy engine, the API. It publishes tables, follows tables and answers calls.</summary>
/// <remarks>
/// A service is an actor. Everything that is given to it (calls, events of tables it follows, times that come round, subscribers that come and go)
/// is done by one loop, one after the other: it needs no lock. A service that fails is started again, with <see cref="StartAsync"/>, after a while;
/// what it published before is void, and what must not outlive a failure is made there.
/// </remarks>
public abstract class DataService
{
    private ServiceHost? _host;

    /// <summary>Makes a service that no node runs yet.</summary>
    /// <param name="name">Its name on the bus: 1 to 128 characters without a colon. Names that begin with <c>_</c> are the system's own.</param>
    protected DataService(string name)
    {
        if (name is not { Length: > 0 and <= 128 } || name.Contains(':', StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{name}' cannot name a service; expected 1 to 128 characters without a colon", nameof(name));
        }

        Name = name;
    }

    /// <summary>The name on the bus.</summary>
    public string Name { get; }

    /// <summary>The methods that it answers; a constructor adds them.</summary>
    protected internal ServiceMethods Methods { get; } = new();

    /// <summary>The tables that it publishes; a constructor adds their names, so that the directory has them before the first row.</summary>
    protected internal ISet<string> Tables { get; } = new SortedSet<string>(StringComparer.Ordinal);

    /// <summary>The node that runs it.</summary>
    /// <exception cref="InvalidOperationException">None does.</exception>
    protected DseNode Node => Host.Node;

    /// <summary>Calls other services.</summary>
    protected IServiceCalls Calls => Host.Node;

    /// <summary>The token of the lease under which the service runs in this life; 0 when it needs none.</summary>
    protected ulong Fence => Host.Fence;

    private ServiceHost Host => _host ?? throw new InvalidOperationException($"service '{Name}' is registered with no node");

    /// <summary>Begins: makes its state anew, follows tables, sets times. Calls are answered when it is done.</summary>
    /// <param name="cancellationToken">Is cancelled when the service stops or fails, however long after the start.</param>
    protected internal virtual ValueTask StartAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Ends, in order or after a failure: lets go of what it holds. What this throws is logged only.</summary>
    protected internal virtual ValueTask StopAsync() => ValueTask.CompletedTask;

    /// <summary>The first subscriber of a table came: from now on it is worth computing.</summary>
    protected internal virtual ValueTask OnFirstSubscriberAsync(string table, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>The last subscriber of a table went.</summary>
    protected internal virtual ValueTask OnLastSubscriberAsync(string table, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Publishes all rows of a table. Only what differs from before goes to subscribers. Never waits for them.</summary>
    /// <exception cref="ArgumentException">A row is too large or has a value that has no meaning on the bus; nothing is published.</exception>
    /// <exception cref="InvalidOperationException">The service does not run, or has lost its lease: what it says no longer counts.</exception>
    protected void Publish(string table, IReadOnlyCollection<Row> rows) => Host.Publish(table, rows, null);

    /// <summary>Publishes a change of a table: takes rows out, then puts rows in.</summary>
    /// <exception cref="ArgumentException">A row is too large or has a value that has no meaning on the bus; nothing is published.</exception>
    /// <exception cref="InvalidOperationException">The service does not run, or has lost its lease: what it says no longer counts.</exception>
    protected void Publish(string table, IReadOnlyCollection<Row> inserted, IReadOnlyCollection<Row> deleted)
    {
        ArgumentNullException.ThrowIfNull(deleted);
        Host.Publish(table, inserted, deleted);
    }

    /// <summary>Says that what was published of a table no longer tells anything: who subscribes next waits for the next state that is published.
    /// For tables that are computed only while somebody follows them.</summary>
    protected void Retract(string table) => Host.Retract(table);

    /// <summary>Follows a table of another service, as long as this start lasts.</summary>
    /// <param name="service">Who publishes it. It need not run yet.</param>
    /// <param name="table">The table.</param>
    /// <param name="take">Is given each event, in this service's loop.</param>
    /// <returns>What ends it.</returns>
    protected IDisposable Follow(string service, string table, Func<TableEvent, CancellationToken, ValueTask> take) => Host.Follow(new(service, table), take);

    /// <summary>Does something in this service's loop at once and again and again, as long as this start lasts.</summary>
    /// <param name="interval">The time from the end of one to the beginning of the next.</param>
    /// <param name="work">What to do.</param>
    protected void Every(TimeSpan interval, Func<CancellationToken, ValueTask> work) => Host.Every(interval, work);

    /// <summary>Does something in this service's loop, after what waits there.</summary>
    protected ValueTask PostAsync(Func<CancellationToken, ValueTask> work) => Host.PostAsync(work);

    internal void Attach(ServiceHost host)
    {
        if (Interlocked.CompareExchange(ref _host, host, null) is not null)
        {
            throw new InvalidOperationException($"service '{Name}' is registered with node '{_host.Node.Id}' already");
        }
    }

    internal void Detach() => _host = null;
}
