using Congress.Policies.Library;

namespace Congress.Api;

/// <summary>The policy library: <c>/v1/librarypolicies</c>.</summary>
/// <param name="calls">Calls the library.</param>
public sealed class LibraryApi(ApiCalls calls)
{
    /// <summary>Lists the policies.</summary>
    /// <param name="name">Only the one of this name; null for all.</param>
    /// <param name="withRules">Whether to list their rules, too.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public async Task<Listing<LibraryResource>> ListAsync(string? name, bool withRules, CancellationToken cancellationToken = default) =>
        new([.. (await AllAsync(cancellationToken).ConfigureAwait(false)).Where(p => name is null || p.Name == name).Select(p => LibraryResource.Of(p, withRules))]);

    /// <summary>Finds a policy.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public async Task<LibraryResource> GetAsync(string id, CancellationToken cancellationToken = default) =>
        (await AllAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(p => p.Id == id) is { } policy ? LibraryResource.Of(policy)
        : throw new ApiException(ApiError.NotFound, $"No policy found with policy id {id}");

    /// <summary>Adds a policy. Its rules are looked at when a policy is made from it.</summary>
    /// <exception cref="ApiException">It is formed wrongly, or its name is taken.</exception>
    public async Task<LibraryResource> CreateAsync(ApiBody body, string requestId, CancellationToken cancellationToken = default) =>
        LibraryResource.Of(await calls.AskAsync(LibraryService.ServiceName, LibraryService.Create, PolicyOf(body, requestId), requestId, cancellationToken).ConfigureAwait(false));

    /// <summary>Replaces a policy.</summary>
    /// <exception cref="ApiException">There is none, it is formed wrongly, or its name is taken.</exception>
    public async Task<LibraryResource> ReplaceAsync(string id, ApiBody body, string requestId, CancellationToken cancellationToken = default) =>
        LibraryResource.Of(await calls.AskAsync(LibraryService.ServiceName, LibraryService.Replace, PolicyOf(body, id), requestId, cancellationToken).ConfigureAwait(false));

    /// <summary>Deletes a policy.</summary>
    /// <returns>What it was.</returns>
    /// <exception cref="ApiException">There is none.</exception>
    public async Task<LibraryResource> DeleteAsync(string id, string requestId, CancellationToken cancellationToken = default) =>
        LibraryResource.Of(await calls.AskAsync(LibraryService.ServiceName, LibraryService.Delete, id, requestId, cancellationToken).ConfigureAwait(false));

    private static LibraryPolicy PolicyOf(ApiBody body, string id)
    {
        PolicySchema.Check(body.Object());
        var name = body.Text("name")!;
        return new(id, name, body.Text("abbreviation") ?? name[..Math.Min(5, name.Length)], body.Text("description") ?? "", body.Text("kind") ?? "nonrecursive", PolicySchema.RulesOf(body));
    }

    private Task<IReadOnlyList<LibraryPolicy>> AllAsync(CancellationToken cancellationToken) =>
        calls.QuestionAsync(LibraryService.ServiceName, LibraryService.List, true, cancellationToken);
}
