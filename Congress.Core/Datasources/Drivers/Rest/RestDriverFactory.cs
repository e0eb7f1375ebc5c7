using Congress.Data;

namespace Congress.Datasources.Drivers.Rest;

/// <summary>Makes drivers for systems that speak JSON over HTTP.</summary>
public sealed class RestDriverFactory : IDriverFactory
{
    /// <inheritdoc/>
    public string Name => "rest";

    /// <inheritdoc/>
    public string Description => "Reads the resources of a REST/JSON service, and acts by requests with placeholders.";

    /// <inheritdoc/>
    public IReadOnlyList<DriverOption> Options { get; } =
    [
        new("url", "The URL that paths are below, such as https://cloud.example/v2.", IsRequired: true),
        new("resources", """
            A list of what to read. Each has a path (the text after url, with {name} for one of values and secrets), and as it needs: name (the path), query (an object of texts),
            items (the path in the answer to the items, such as data.servers; the whole answer), either translator (as in OpenStack Congress) or table and columns (a list of
            properties, or an object that has for each column a path such as host.name, or {path, type}), lazy (false: read only while somebody follows its tables), paging,
            headers, endpoint (the name of one of login.endpoints, in place of url).
            """.ReplaceLineEndings(" ")),
        new("paging", """
            How the pages of all resources follow each other; a resource may say it otherwise. By style: {"style": "link", "path": "links.next"} has a URL in the answer,
            {"style": "header"} in a Link header, {"style": "marker", "id": "id", "marker": "marker", "limit": "limit", "size": 100} asks for what is after the id of the last
            item, {"style": "page", "page": "page", "first": 1, "limit": "per_page", "size": 100} by number, {"style": "none"} is taken when nothing is said.
            """.ReplaceLineEndings(" ")),
        new("headers", "An object of headers that all requests have."),
        new("secret_headers", "An object of headers that all requests have, which nobody may see.", IsSecret: true),
        new("username", "With password, for HTTP basic authentication; with login, for its placeholder {username}."),
        new("password", "The password.", IsSecret: true),
        new("token", "A bearer token; with login, for its placeholder {token}.", IsSecret: true),
        new("values", "An object of texts for placeholders."),
        new("secrets", "An object of texts for placeholders, which nobody may see.", IsSecret: true),
        new("login", """
            A request that is answered with a token: path (or url), method (POST), headers, body (JSON with {username}, {password}, {token} and those of values and secrets),
            token_header (of the answer) or token_path (in its body), send_header (Authorization), send_prefix ("Bearer " for that, else nothing), endpoints (an object that has
            for each name the path in the answer to a URL, such as token.catalog[?type=='compute'].endpoints[?interface=='public'].url). It is sent again after a status 401.
            """.ReplaceLineEndings(" ")),
        new("actions", """
            A list of what can be done. Each has a name, a path and as it needs: description, method (POST), query, headers, body (JSON; a text that is only {name} becomes the
            argument with its type), parameters (a list of names, or of {name, description, required}), endpoint, promise (at-most-once, at-least-once or keyed),
            key_header (Idempotency-Key: the header in which a keyed action says the key of the call).
            """.ReplaceLineEndings(" ")),
        new("timeout", "The seconds that one request may take, with its answer, from 0.05 to 3600; 30 when it is not there."),
        new("max_pages", "How many pages a resource may have; 1000 when it is not there."),
        new("max_bytes", "How many bytes the pages of a resource may have together; 67108864 when it is not there."),
        new("max_redirects", "How many redirects are followed, to the same server only; 5 when it is not there."),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<TableSchema> Tables => [];

    /// <inheritdoc/>
    public IDatasourceDriver Create(DriverSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        try
        {
            return new RestDriver(new RestOptions(settings).Read(), settings.Time);
        }
        catch (InvalidOperationException e)
        {
            throw new DriverException($"an option of datasource '{settings.Datasource}' has a text that escapes half a surrogate pair", e);
        }
    }
}
