using System.Collections.ObjectModel;
using System.Text;
using System.Text.Json;
using Congress.Data;
using Congress.Datasources.Translation;

namespace Congress.Datasources.Drivers.Rest;

/// <summary>Reads the options of the driver.</summary>
internal sealed class RestOptions
{
    private readonly DriverSettings _settings;
    private readonly Secrets _secrets = new();
    private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);
    private readonly Uri _base;
    private IReadOnlyCollection<string> _endpoints = [];

    public RestOptions(DriverSettings settings)
    {
        _settings = settings;
        _base = UrlOf("url", settings.RequiredText("url"));
    }

    /// <summary>Reads them all.</summary>
    /// <exception cref="DriverException">One makes no sense.</exception>
    public RestConfiguration Read()
    {
        ReadValues();
        var login = OptionObject.Find(_settings, "login") is { } given ? LoginOf(given) : null;
        var headers = HeadersOf(hasLogin: login is not null);
        var paging = OptionObject.Find(_settings, "paging");
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return new()
        {
            Login = login,
            Headers = headers,
            Values = _values,
            Secrets = _secrets,
            Resources = [.. OptionObject.List(_settings, "resources").Select(resource => ResourceOf(resource, paging, taken))],
            Actions = new RestActionOptions(this).Read(OptionObject.List(_settings, "actions")),
            Timeout = TimeSpan.FromSeconds(_settings.Number("timeout", 30, 0.05, 3600)),
            MaxPages = (int)_settings.Number("max_pages", 1000, 1, 1_000_000),
            MaxBytes = (long)_settings.Number("max_bytes", 64 * 1024 * 1024, 1, int.MaxValue),
            MaxRedirects = (int)_settings.Number("max_redirects", 5, 0, 50),
        };
    }

    /// <summary>Where a resource or an action is.</summary>
    public RestTarget TargetOf(OptionObject given, IReadOnlyCollection<string> placeholders)
    {
        var endpoint = given.Text("endpoint");
        if (endpoint is not null && !_endpoints.Contains(endpoint, StringComparer.Ordinal))
        {
            throw given.Wrong("endpoint", _endpoints.Count == 0 ? "login to have endpoints" : $"one of {string.Join(", ", _endpoints)}");
        }

        var path = given.RequiredText("path");
        if (path.Contains("://", StringComparison.Ordinal) || path.Contains('#', StringComparison.Ordinal))
        {
            throw given.Wrong("path", "a path below url");
        }

        return new(
            _base, endpoint, TextTemplate.Parse(path, placeholders, given.Place("path")),
            given.Texts("query").ToDictionary(pair => pair.Key, pair => TextTemplate.Parse(pair.Value, placeholders, given.Place($"query.{pair.Key}")), StringComparer.Ordinal));
    }

    /// <summary>Headers, as HTTP has them.</summary>
    public static IReadOnlyDictionary<string, string> HeadersOf(OptionObject? given)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in given?.Texts() ?? ReadOnlyDictionary<string, string>.Empty)
        {
            // The value may be a secret, so the message does not show it.
            headers[name] = name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)) && value.All(c => c is >= ' ' and <= '~' or '\t')
                ? value : throw new DriverException($"option '{given!.Place(name)}' is no header; expected a name of letters, digits and dashes, and a text of ASCII");
        }

        return headers;
    }

    private void ReadValues()
    {
        AddValues(_settings.Text("username") is { } username ? [new("username", username)] : [], isSecret: false);
        AddValues(SecretText("password") is { } password ? [new("password", password)] : [], isSecret: true);
        AddValues(SecretText("token") is { } token ? [new("token", token)] : [], isSecret: true);
        AddValues(OptionObject.Find(_settings, "values")?.Texts() ?? ReadOnlyDictionary<string, string>.Empty, isSecret: false);
        AddValues(SecretTexts("secrets"), isSecret: true);
    }

    private void AddValues(IEnumerable<KeyValuePair<string, string>> values, bool isSecret)
    {
        foreach (var (name, value) in values)
        {
            if (!_values.TryAdd(name, value))
            {
                throw new DriverException($"option '{(isSecret ? "secrets" : "values")}.{name}' of datasource '{_settings.Datasource}' has a name that is taken");
            }

            if (isSecret)
            {
                _secrets.Add(value);
            }
        }
    }

    // Whatever is wrong with a secret, the message does not show it.
    private string? SecretText(string option) => _settings.Find(option) is not { } secret ? null
        : secret.ValueKind == JsonValueKind.String ? secret.GetString()
        : throw new DriverException($"option '{option}' of datasource '{_settings.Datasource}' makes no sense; expected a text");

    private IReadOnlyDictionary<string, string> SecretTexts(string option)
    {
        try
        {
            return OptionObject.Find(_settings, option)?.Texts() ?? ReadOnlyDictionary<string, string>.Empty;
        }
        catch (DriverException)
        {
            throw new DriverException($"option '{option}' of datasource '{_settings.Datasource}' makes no sense; expected an object of texts");
        }
    }

    private Dictionary<string, string> HeadersOf(bool hasLogin)
    {
        var headers = new Dictionary<string, string>(HeadersOf(OptionObject.Find(_settings, "headers")), StringComparer.OrdinalIgnoreCase);
        foreach (var secret in SecretTexts("secret_headers").Values)
        {
            _secrets.Add(secret);
        }

        foreach (var (name, value) in HeadersOf(OptionObject.Find(_settings, "secret_headers")))
        {
            headers[name] = value;
        }

        var (username, password, token) = (_settings.Text("username"), SecretText("password"), SecretText("token"));
        if (hasLogin)
        {
            return headers;
        }

        if (token is not null && username is not null)
        {
            throw new DriverException($"options 'token' and 'username' of datasource '{_settings.Datasource}' exclude each other where there is no 'login'");
        }

        if (token is not null)
        {
            headers["Authorization"] = token.All(c => c is > ' ' and <= '~') ? $"Bearer {token}"
                : throw new DriverException($"option 'token' of datasource '{_settings.Datasource}' has characters that no token has");
        }
        else if (username is not null)
        {
            var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}"));
            _secrets.Add(credentials);
            headers["Authorization"] = $"Basic {credentials}";
        }

        return headers;
    }

    private RestLogin LoginOf(OptionObject given)
    {
        given.Allow("path", "url", "headers", "body", "token_header", "token_path", "send_header", "send_prefix", "endpoints");
        var url = given.Text("url") is { } text ? UrlOf(given.Place("url"), text) : RestUrl.Under(_base, given.RequiredText("path"), []);
        var (header, path) = (given.Text("token_header"), given.Path("token_path"));
        if (header is null == path is null)
        {
            throw given.Wrong("token_header", "either a token_header or a token_path");
        }

        var send = given.Text("send_header") ?? "Authorization";
        var endpoints = given.Paths("endpoints");
        _endpoints = [.. endpoints.Keys];
        return new(
            url, given.Any("body") is { } body ? JsonTemplate.Parse(body, _values.Keys, given.Place("body")) : null, HeadersOf(given.Object("headers")), header, path,
            send, given.Text("send_prefix") ?? (send.Equals("Authorization", StringComparison.OrdinalIgnoreCase) ? "Bearer " : ""), endpoints);
    }

    private RestResource ResourceOf(OptionObject given, OptionObject? paging, HashSet<string> taken)
    {
        given.Allow("name", "path", "query", "items", "translator", "table", "columns", "lazy", "paging", "headers", "endpoint");
        var target = TargetOf(given, _values.Keys);
        var translator = TranslatorOf(given, taken);
        return new(
            new(given.Text("name") ?? given.RequiredText("path"), [.. translator.Tables.Select(table => table.Table)], given.Flag("lazy")),
            target, translator, given.Path("items"), PagingOf(given.Object("paging") ?? paging), HeadersOf(given.Object("headers")));
    }

    private static Translator TranslatorOf(OptionObject given, HashSet<string> taken)
    {
        if (given.Any("translator") is { } translator)
        {
            return given.Any("table") is null && given.Any("columns") is null ? Translator.Parse(translator, given.Place("translator"), taken)
                : throw given.Wrong("table", "either a translator, or a table with columns");
        }

        var table = given.Text("table") ?? throw given.Missing("table", "a table with columns, or a translator");
        return taken.Add(table) ? Translator.OfColumns(table, given.Columns("columns")) : throw given.Wrong("table", $"another table, as ({table}) is used twice");
    }

    private static Paging PagingOf(OptionObject? given)
    {
        switch (given?.Text("style") ?? "none")
        {
            case "none":
                given?.Allow("style");
                return new Paging.Single();
            case "link":
                given!.Allow("style", "path");
                return new Paging.BodyLink(given.Path("path") ?? throw given.Missing("path", "the path in the answer to the URL of the next page"));
            case "header":
                given!.Allow("style");
                return new Paging.HeaderLink();
            case "marker":
                given!.Allow("style", "id", "marker", "limit", "size");
                return new Paging.Marker(given.Text("marker") ?? "marker", given.Path("id") ?? JsonPath.ToProperty("id"), SizeParameter(given, "limit"), given.Number("size", 0, 1));
            case "page":
                given!.Allow("style", "page", "first", "limit", "size");
                return new Paging.Numbered(given.Text("page") ?? "page", given.Number("first", 1, 0), SizeParameter(given, "per_page"), given.Number("size", 0, 1));
            default:
                throw given!.Wrong("style", "none, link, header, marker or page");
        }
    }

    private static string? SizeParameter(OptionObject given, string otherwise) => given.Any("size") is null ? null : given.Text("limit") ?? otherwise;

    private Uri UrlOf(string option, string text) => RestUrl.Base(text)
        ?? throw new DriverException($"option '{option}' of datasource '{_settings.Datasource}' is no URL; expected one of http or https, without user, password and fragment");
}
