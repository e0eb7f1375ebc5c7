using System.Text.Json;
using Congress.Actions;
using Congress.Data;

namespace Congress.Datasources;

/// <summary>Turns the state of one system into tables.</summary>
/// <remarks>What else a driver can do it says by implementing <see cref="IGroupedTables"/>, <see cref="IPushedTables"/>, <see cref="IWebhook"/> or
/// <see cref="IActionDriver"/>; one that holds something open implements <see cref="IAsyncDisposable"/>.</remarks>
public interface IDatasourceDriver
{
    /// <summary>The tables that the driver fills, each with its columns.</summary>
    IReadOnlyList<TableSchema> Schema { get; }

    /// <summary>Reads the whole state once.</summary>
    /// <returns>The distinct rows of each table of <see cref="Schema"/>, in no order; every table that is read has an entry, those that are only pushed have none.</returns>
    /// <exception cref="DriverException">The system cannot be reached, refuses, or says what makes no sense.</exception>
    ValueTask<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>> ReadAsync(CancellationToken cancellationToken = default);
}

/// <summary>A driver that reads its tables in groups: several at a time, and one that fails leaves the others alone.</summary>
public interface IGroupedTables : IDatasourceDriver
{
    /// <summary>The groups. Tables in none are never read, only pushed.</summary>
    IReadOnlyList<TableGroup> Groups { get; }

    /// <summary>Reads the state of a group once. Several groups may be read at once, never one twice.</summary>
    /// <returns>The distinct rows of each table of the group, in no order; null when nothing has changed since the last reading that succeeded.</returns>
    /// <exception cref="DriverException">The system cannot be reached, refuses, or says what makes no sense.</exception>
    ValueTask<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>?> ReadAsync(TableGroup group, CancellationToken cancellationToken = default);
}

/// <summary>Tables that are read together.</summary>
/// <param name="Name">What the group is called in messages.</param>
/// <param name="Tables">The tables.</param>
/// <param name="IsLazy">Whether it is read only while somebody follows one of its tables.</param>
public sealed record TableGroup(string Name, IReadOnlyList<string> Tables, bool IsLazy = false);

/// <summary>A driver that is given rows.</summary>
public interface IPushedTables
{
    /// <summary>The tables that can be replaced, among those of the schema.</summary>
    IReadOnlyCollection<string> PushedTables { get; }

    /// <summary>Turns what replaces a table into rows.</summary>
    /// <param name="table">One of <see cref="PushedTables"/>.</param>
    /// <param name="objects">What was given.</param>
    /// <returns>The rows of that table, and of others that go with it.</returns>
    /// <exception cref="DriverException">It makes no sense; the message says where and what was expected.</exception>
    IReadOnlyDictionary<string, IReadOnlyCollection<Row>> Translate(string table, JsonElement objects);
}

/// <summary>A driver that a system tells of its changes.</summary>
public interface IWebhook
{
    /// <summary>Takes a message.</summary>
    /// <returns>All rows of the tables that it changes.</returns>
    /// <exception cref="DriverException">It makes no sense; the message says where and what was expected.</exception>
    ValueTask<IReadOnlyDictionary<string, IReadOnlyCollection<Row>>> ReceiveAsync(JsonElement message, CancellationToken cancellationToken = default);
}

/// <summary>A driver that can act on its system.</summary>
public interface IActionDriver
{
    /// <summary>What it can do. One that takes any name lists those that are worth knowing.</summary>
    IReadOnlyList<DriverAction> Actions { get; }

    /// <summary>Does something.</summary>
    /// <exception cref="DriverException">It was not done: there is no such action, the arguments do not fit, or the system refused.</exception>
    /// <exception cref="Exception">Any other: whether it was done is unknown.</exception>
    ValueTask ExecuteAsync(DriverCall call, CancellationToken cancellationToken = default);
}

/// <summary>Something that a driver can do.</summary>
/// <param name="Name">The name, as <c>execute[source:name(...)]</c> has it.</param>
/// <param name="Parameters">Its arguments in order.</param>
/// <param name="Description">What it does.</param>
/// <param name="Promise">What comes of a call that is interrupted.</param>
public sealed record DriverAction(string Name, IReadOnlyList<ActionParameter> Parameters, string Description, ActionPromise Promise = ActionPromise.AtMostOnce);

/// <summary>An argument of an action.</summary>
/// <param name="Name">Its name, by which it can be given.</param>
/// <param name="Description">What it says.</param>
/// <param name="IsRequired">Whether it must be given.</param>
public sealed record ActionParameter(string Name, string Description = "", bool IsRequired = true);

/// <summary>A call of an action.</summary>
/// <param name="Action">The action.</param>
/// <param name="Positional">Its arguments by position.</param>
/// <param name="Named">Its arguments by name.</param>
/// <param name="Key">The same for each repetition of one call, and for no other call.</param>
public sealed record DriverCall(string Action, IReadOnlyList<Value> Positional, IReadOnlyDictionary<string, Value> Named, string Key);

/// <summary>A driver could not do what it was asked for. Nothing was done.</summary>
public sealed class DriverException : Diagnostics.CongressException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What, where, and what was expected.</param>
    /// <param name="inner">What it comes of.</param>
    public DriverException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>When it may be worth trying again, as the system says; null when it says nothing.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the system could not be reached, so that nothing was begun and the same may work later.</summary>
    public bool IsUnreachable { get; init; }
}
