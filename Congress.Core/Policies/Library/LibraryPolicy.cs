using System.Text.Json.Serialization;
using Congress.Bus;
using Congress.Diagnostics;

namespace Congress.Policies.Library;

/// <summary>A policy of the library, from which policies can be made. Its rules are not checked before that.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="Name">Its name.</param>
/// <param name="Abbreviation">A short name for traces.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Kind">The kind of the policies that are made from it.</param>
/// <param name="Rules">Its rules.</param>
public sealed record LibraryPolicy(string Id, string Name, string Abbreviation, string Description, string Kind, IReadOnlyList<LibraryRule> Rules);

/// <summary>A rule of a policy of the library.</summary>
/// <param name="Rule">The text.</param>
/// <param name="Name">What its author calls it; null for nothing.</param>
/// <param name="Comment">What its author says about it; null for nothing.</param>
public sealed record LibraryRule(
    string Rule,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Comment = null);

/// <summary>Where a system keeps its library. Thread safe.</summary>
public interface ILibraryStore
{
    /// <summary>All policies, in the order in which they came.</summary>
    /// <exception cref="StoreException">They cannot be read.</exception>
    Task<IReadOnlyList<LibraryPolicy>> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>Adds policies, all or none, if their names are not taken; one that has identity and content of one that is there changes nothing.</summary>
    /// <param name="policies">The policies.</param>
    /// <param name="onlyIfEmpty">Whether to do nothing when there are policies already.</param>
    /// <param name="cancellationToken">Stops the waiting for others.</param>
    /// <exception cref="LibraryException">A name is taken.</exception>
    /// <exception cref="StoreException">They cannot be written.</exception>
    Task AddAsync(IReadOnlyList<LibraryPolicy> policies, bool onlyIfEmpty = false, CancellationToken cancellationToken = default);

    /// <summary>Replaces a policy, known by its identity.</summary>
    /// <exception cref="LibraryException">There is none of that identity, or another has the name.</exception>
    /// <exception cref="StoreException">It cannot be written.</exception>
    Task ReplaceAsync(LibraryPolicy policy, CancellationToken cancellationToken = default);

    /// <summary>Deletes a policy.</summary>
    /// <returns>What it was.</returns>
    /// <exception cref="LibraryException">There is none of that identity.</exception>
    /// <exception cref="StoreException">It cannot be written.</exception>
    Task<LibraryPolicy> DeleteAsync(string id, CancellationToken cancellationToken = default);
}

/// <summary>A change of the library was refused. Nothing has changed.</summary>
public sealed class LibraryException : CongressException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="isMissing">Whether there is no such policy; else its name is taken.</param>
    /// <param name="message">What was refused, and why.</param>
    public LibraryException(bool isMissing, string message)
        : base(message) => IsMissing = isMissing;

    /// <summary>Whether there is no such policy; else its name is taken.</summary>
    public bool IsMissing { get; }

    internal override string FailureName => NameOf(IsMissing);

    /// <summary>What a caller on another node knows a failure by.</summary>
    internal static string NameOf(bool isMissing) => $"{typeof(LibraryException).FullName}.{(isMissing ? "Missing" : "NameInUse")}";
}

/// <summary>How policies of the library are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LibraryPolicy))]
[JsonSerializable(typeof(IReadOnlyList<LibraryPolicy>))]
internal sealed partial class LibraryJson : JsonSerializerContext;

/// <summary>The library on the bus: each node that has the store can answer.</summary>
public sealed class LibraryService : DataService
{
    /// <summary>The name of the service.</summary>
    public const string ServiceName = "_library";

    /// <summary>Makes the service.</summary>
    public LibraryService(ILibraryStore store)
        : base(ServiceName)
    {
        ArgumentNullException.ThrowIfNull(store);
        Methods.AddConcurrent(List, async (_, _, token) => await store.ReadAsync(token).ConfigureAwait(false));
        Methods.AddConcurrent(Create, async (policy, _, token) =>
        {
            await store.AddAsync([policy], cancellationToken: token).ConfigureAwait(false);
            return policy;
        });
        Methods.AddConcurrent(Replace, async (policy, _, token) =>
        {
            await store.ReplaceAsync(policy, token).ConfigureAwait(false);
            return policy;
        });
        Methods.AddConcurrent(Delete, async (id, _, token) => await store.DeleteAsync(id, token).ConfigureAwait(false));
    }

    /// <summary>Lists all policies. The argument says nothing.</summary>
    public static ServiceMethod<bool, IReadOnlyList<LibraryPolicy>> List { get; } = new("list", SimpleJson.Boolean, LibraryJson.Default.IReadOnlyListLibraryPolicy);

    /// <summary>Adds a policy.</summary>
    public static ServiceMethod<LibraryPolicy, LibraryPolicy> Create { get; } = new("create", LibraryJson.Default.LibraryPolicy, LibraryJson.Default.LibraryPolicy);

    /// <summary>Replaces a policy.</summary>
    public static ServiceMethod<LibraryPolicy, LibraryPolicy> Replace { get; } = new("replace", LibraryJson.Default.LibraryPolicy, LibraryJson.Default.LibraryPolicy);

    /// <summary>Deletes a policy, by its identity.</summary>
    public static ServiceMethod<string, LibraryPolicy> Delete { get; } = new("delete", SimpleJson.Text, LibraryJson.Default.LibraryPolicy);
}
