//! How the block around a body gets the arguments of the function.

use super::parameters::{Kind, Parameter, is_punct};
use super::search::Search;
use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::quote;

/// The block that the expansion puts around a body.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    Closure,
    Async,
    /// The body stays in the function. Only its local variables are dropped before the operation ends, so owned
    /// arguments are moved into local variables, except for `self`.
    InPlace,
}

/// How the block around a body gets the arguments of the function.
///
/// Values that a body owns are dropped at the end of the body, inside the operation, in the order in which the function
/// would drop them.
#[derive(Default)]
pub(super) struct Passing {
    /// Variables that the block must own, the last parameter first.
    pub(super) kept: Vec<Ident>,
    /// Statements that move arguments into local variables, the first parameter first.
    pub(super) bindings: TokenStream,
    /// Whether the block borrows its arguments, because `ok(…)` or `err(…)` uses a unique reference after the body.
    pub(super) borrows: bool,
    /// The new parameter list of the function, if it is not the list that the user wrote.
    pub(super) replaced: Option<TokenStream>,
}

impl Passing {
    /// Decides how a body gets the arguments of its function. `arguments` are the arguments of the attribute macro.
    pub(super) fn of(
        parameters: &[Parameter],
        block: Block,
        body: &TokenStream,
        arguments: &TokenStream,
    ) -> Self {
        let unique = parameters
            .iter()
            .filter(|parameter| parameter.kind == Kind::Unique);
        let unique_names = unique
            .map(|parameter| parameter.variable().to_string())
            .collect();
        let search = Search::of(unique_names);
        let borrows = !search.is_done() && search.any_in(&mappings(arguments));
        // A `mut` argument becomes a local variable, because rustc has different lints for captured variables. But not in
        // an `async` block, because the future would then store the argument twice.
        let needs_mut_binding =
            |parameter: &Parameter| parameter.mutable && block != Block::Async && !borrows;
        let is_owned =
            |parameter: &&Parameter| parameter.kind == Kind::Owned || needs_mut_binding(parameter);
        let mut owned: Vec<&Parameter> = parameters.iter().filter(is_owned).collect();
        if owned.is_empty() {
            return Self {
                borrows,
                ..Self::default()
            };
        }
        let is_pattern = |parameter: &Parameter| parameter.name.is_none() && !parameter.is_receiver;
        // A pattern stays in the signature if an attribute uses a part of it.
        owned.retain(|parameter| {
            !is_pattern(parameter) || !Search::of(words(&parameter.pattern)).any_in(arguments)
        });
        // If only an attribute uses an argument, the attribute may have consumed the argument.
        let consumed = consumed_names(arguments);
        owned.retain(|parameter| {
            let mut names = consumed.iter();
            let name = names.find(|name| parameter.name.as_ref().is_some_and(|own| own == *name));
            name.is_none_or(|name| Search::of(vec![name.clone()]).any_in(body))
        });
        let unused = unused_names(&owned, arguments, body);
        // rustc warns about unused variables, so an unused argument must become a variable of the body.
        let has_unused = unused.iter().any(|name| !name.starts_with('_'));
        let needs_binding = |parameter: &&Parameter| {
            needs_mut_binding(parameter)
                || (is_pattern(parameter) && parameter.pattern.to_string() != "_")
        };
        let in_place = block == Block::InPlace;
        if borrows || in_place || has_unused || owned.iter().any(needs_binding) {
            return Self::bind(parameters, &owned, borrows, arguments);
        }
        Self::keep(parameters, &owned, &unused)
    }

    /// The block mentions every argument by name, so that it owns each argument completely.
    fn keep(parameters: &[Parameter], owned: &[&Parameter], unused: &[String]) -> Self {
        let mut passing = Self::default();
        let mut replaced = false;
        let mut list = Vec::new();
        for (index, parameter) in parameters.iter().enumerate() {
            let is_owned = owned.iter().any(|owned| std::ptr::eq(*owned, parameter));
            let hidden = match &parameter.name {
                Some(name) => unused
                    .iter()
                    .any(|unused| name == unused)
                    .then(|| hygienic(name)),
                None => (!parameter.is_receiver).then(|| unnamed(index, &parameter.pattern)),
            };
            if let (true, Some(name)) = (is_owned, hidden) {
                list.push(parameter.renamed(&name));
                passing.kept.push(name);
                replaced = true;
                continue;
            }
            list.push(parameter.as_written());
            if is_owned {
                passing.kept.push(parameter.variable());
            }
        }
        passing.kept.reverse();
        passing.replaced = replaced.then(|| quote! { #(#list),* });
        passing
    }

    /// The block moves each argument into a local variable.
    fn bind(
        parameters: &[Parameter],
        owned: &[&Parameter],
        borrows: bool,
        arguments: &TokenStream,
    ) -> Self {
        let mut passing = Self {
            borrows,
            ..Self::default()
        };
        let mut list = Vec::new();
        for (index, parameter) in parameters.iter().enumerate() {
            let is_owned = owned.iter().any(|owned| std::ptr::eq(*owned, parameter));
            if !is_owned || parameter.is_receiver {
                list.push(parameter.as_written());
                if is_owned && !borrows {
                    passing.kept.push(parameter.variable());
                }
                continue;
            }
            let pattern = &parameter.pattern;
            let name = match &parameter.name {
                Some(name) => name.clone(),
                None => unnamed(index, pattern),
            };
            passing.bindings.extend(if parameter.name.is_some() {
                // If an attribute uses the argument, rustc must not report the local variable as unused: the user sees
                // a use in the attribute, but the attribute uses the argument and not the local variable.
                let by_attribute = Search::of(vec![name.to_string()]).any_in(arguments);
                let used = by_attribute.then(|| quote! { let _ = &#name; });
                quote! { let #pattern = #name; #used }
            } else {
                // The parts that the pattern ignores are dropped together with the variable.
                quote! { let #name = #name; let #pattern = #name; }
            });
            list.push(parameter.renamed(&name));
        }
        passing.replaced = Some(quote! { #(#list),* });
        passing
    }
}

/// Returns the names of owned arguments that neither the attributes nor the body use.
fn unused_names(owned: &[&Parameter], arguments: &TokenStream, body: &TokenStream) -> Vec<String> {
    let named = owned.iter().filter_map(|parameter| parameter.name.as_ref());
    let mut search = Search::of(named.map(Ident::to_string).collect());
    search.search(arguments);
    search.search(body);
    search.into_missing()
}

/// Returns the same name with a hygienic span. Lints about names that start with `_` then ignore the generated uses.
fn hygienic(name: &Ident) -> Ident {
    Ident::new(
        &name.to_string(),
        Span::mixed_site().located_at(name.span()),
    )
}

/// Returns a name for a parameter without a name.
fn unnamed(index: usize, pattern: &TokenStream) -> Ident {
    let first = pattern.clone().into_iter().next();
    let span = first.map_or_else(Span::call_site, |token| token.span());
    quote::format_ident!(
        "__argument_{index}",
        span = Span::mixed_site().located_at(span)
    )
}

/// Returns the variables that an attribute may consume, in a function call or a method call. `= name`, `= &name` and
/// `= &name.field` do not consume `name`.
fn consumed_names(arguments: &TokenStream) -> Vec<String> {
    fn collect(tokens: TokenStream, is_nested: bool, names: &mut Vec<String>) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => collect(group.stream(), true, names),
                TokenTree::Ident(ident) => {
                    let is_borrowed = || index > 0 && is_punct(&tokens[index - 1], '&');
                    if (is_nested && !is_borrowed()) || is_called(&tokens[index..]) {
                        names.push(ident.to_string());
                    }
                }
                _ => {}
            }
        }
    }
    let mut names = Vec::new();
    collect(arguments.clone(), false, &mut names);
    names
}

/// Whether the variable at the start of the tokens, or a field of it, is the receiver of a method call.
fn is_called(tokens: &[TokenTree]) -> bool {
    let after_name = tokens.iter().skip(1);
    let path = after_name.take_while(|token| {
        matches!(token, TokenTree::Ident(_)) || is_punct(token, '.') || is_punct(token, ':')
    });
    let end = path.count() + 1;
    end > 1
        && matches!(tokens.get(end), Some(TokenTree::Group(group))
            if group.delimiter() == Delimiter::Parenthesis)
}

/// Returns the words of a pattern that may be variables.
fn words(pattern: &TokenStream) -> Vec<String> {
    let mut found = Vec::new();
    for token in pattern.clone() {
        match token {
            TokenTree::Ident(ident) => {
                let word = ident.to_string();
                if !matches!(word.as_str(), "_" | "mut" | "ref") {
                    found.push(word);
                }
            }
            TokenTree::Group(group) => found.extend(words(&group.stream())),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    found
}

/// Returns the tokens in `ok(…)` and `err(…)`, which are evaluated after the body.
fn mappings(arguments: &TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = arguments.clone().into_iter().collect();
    let mut mappings = TokenStream::new();
    for pair in tokens.windows(2) {
        if let [TokenTree::Ident(word), TokenTree::Group(group)] = pair
            && (word == "ok" || word == "err")
            && group.delimiter() == Delimiter::Parenthesis
        {
            mappings.extend(group.stream());
        }
    }
    mappings
}
