//! `#[derive(Options)]`: a struct that the command line fills with `--set name=value`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Fields};

/// Expands to an `impl archgen::Options`.
pub fn expand(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(it) => it,
        Err(error) => return error.to_compile_error(),
    };
    let name = &input.ident;
    let fields = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => &fields.named,
            Fields::Unnamed(_) | Fields::Unit => return unnamed(&input),
        },
        Data::Enum(_) | Data::Union(_) => return unnamed(&input),
    };
    let infos = fields.iter().map(|field| {
        let docs = docs(&field.attrs);
        let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
        quote!(::archgen::OptionInfo { name: #name, doc: #docs })
    });
    let arms = fields.iter().map(|field| {
        let ident = &field.ident;
        let name = ident.as_ref().map(ToString::to_string).unwrap_or_default();
        quote! {
            #name => match ::core::str::FromStr::from_str(value) {
                ::core::result::Result::Ok(it) => {
                    self.#ident = it;
                    ::core::result::Result::Ok(())
                }
                ::core::result::Result::Err(error) => ::core::result::Result::Err(
                    ::archgen::OptionError::invalid(#name, value, &::std::string::ToString::to_string(&error)),
                ),
            },
        }
    });
    quote! {
        impl ::archgen::Options for #name {
            const INFO: &'static [::archgen::OptionInfo] = &[#(#infos),*];

            fn set(&mut self, name: &str, value: &str) -> ::core::result::Result<(), ::archgen::OptionError> {
                match name {
                    #(#arms)*
                    _ => ::core::result::Result::Err(::archgen::OptionError::unknown(name, Self::INFO)),
                }
            }
        }
    }
}

/// The error for what has no named fields.
fn unnamed(input: &DeriveInput) -> TokenStream {
    syn::Error::new(input.ident.span(), "[AG0001] `Options` needs a struct with named fields")
        .to_compile_error()
}

/// The first paragraph of doc comments.
pub fn docs(attributes: &[syn::Attribute]) -> String {
    let mut all = String::new();
    for attribute in attributes {
        if let syn::Meta::NameValue(it) = &attribute.meta
            && it.path.is_ident("doc")
            && let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &it.value
        {
            let line = text.value();
            if line.trim().is_empty() && !all.is_empty() {
                break;
            }
            if !all.is_empty() {
                all.push(' ');
            }
            all.push_str(line.trim());
        }
    }
    all
}
